"""What runs in the confined child: each function reads the bytes of a PDF, and answers in JSON.

These modules import pikepdf and pypdfium2 when they are loaded; nothing but the child loads them.
"""
