"""How often a description finds the right element: our own labelled cases."""
