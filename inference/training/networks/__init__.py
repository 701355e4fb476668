"""Network definitions in torch, for training. What runs in the product is :mod:`inference.hearing.backends`."""
