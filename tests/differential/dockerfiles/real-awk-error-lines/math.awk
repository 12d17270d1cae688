BEGIN {
  x = 1
  print x
  print sin(x) }
