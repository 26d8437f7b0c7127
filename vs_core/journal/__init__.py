"""What has been paid for, a line each: a file that a run which was interrupted goes on from."""
