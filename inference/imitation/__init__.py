"""Learning a manner from video: a talking style from a short clip, one person's head from a longer one."""
