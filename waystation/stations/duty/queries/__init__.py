"""Questions about postings, shifts and items that pages, the desk and exports ask alike."""
