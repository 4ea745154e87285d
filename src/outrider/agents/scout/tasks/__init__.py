"""From the words of a task to a plan: language, criteria, verbs, questions. Pure; complete before anything is done."""
