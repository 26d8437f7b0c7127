"""What every picture here is made with: a canvas, colours, and labels that no text can break.

matplotlib is imported when a canvas is asked for, never before. It is used through objects alone:
no `pyplot`, no display, no global state.
"""
