"""What every page stands in: frame, session, levers, downloads and what shows a number."""
