"""What an adviser leaves behind: each export reads a result and gives bytes."""
