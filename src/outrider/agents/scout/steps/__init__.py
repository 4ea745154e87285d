"""How each intention goes on from a situation: one handler for each, over the steps that it has taken."""
