"""Questions about stations that pages, the desk and exports ask alike."""
