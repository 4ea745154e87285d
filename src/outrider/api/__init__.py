"""HTTP: middleware, rendering of errors, one module per surface. Holds no rule: operations do."""
