"""Questions about appraisals that pages, the desk and exports ask alike."""
