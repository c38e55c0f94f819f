"""SAML 2.0: metadata of identity providers, and what they assert of somebody.

The modules import lxml and signxml, which take their time: import them where the first document comes.
"""
