"""What goes out: files, generations and what is said of them over HTTP."""
