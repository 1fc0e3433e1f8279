"""Mixed load for a long time: does everything return to where it was?"""
