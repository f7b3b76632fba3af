"""Every list as a file: `Accept: text/csv` or a workbook, by the list's own operation."""
