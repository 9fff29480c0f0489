"""The music: a recurrent network over ABC notation, and everything a tune needs.

This half of Tunesmith knows no chat, no database and no web.
"""
