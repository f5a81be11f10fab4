"""Networks: Keras trains them, NumPy evaluates them from stored weights."""
