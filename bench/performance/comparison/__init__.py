"""What bench/performance/compare consists of, one subject a file."""
