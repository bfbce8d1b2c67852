"""What people type: ``registering`` is everybody's, ``office`` the program office's."""
