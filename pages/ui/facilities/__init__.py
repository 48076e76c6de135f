"""The section on service points for special groups."""
