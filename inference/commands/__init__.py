"""What people and the add-on ask the engine for, one module each.

``add_parser`` adds the command to the command line; ``answer`` takes a request and `Progress`, and returns its result. Both
translate to calls, nothing else. Heavy imports happen inside of them, so that the doors open quickly.
"""
