"""How much of what people would say Scout does: tasks written without knowledge of it, judged by the truth."""
