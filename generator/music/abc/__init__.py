"""ABC text: reading it strictly, and writing it out afresh (the ABC standard, version 2.1)."""
