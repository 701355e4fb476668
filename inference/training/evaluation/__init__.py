"""How good the result is, on clips and speakers held out, beside what others make of them."""
