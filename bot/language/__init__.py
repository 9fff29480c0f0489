"""What people type, turned into options."""
