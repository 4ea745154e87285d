"""How much of what people would say Scout does: forty tasks, written without knowledge of it, judged by the truth."""
