BEGIN {
  print "a"
  print 2 ^
 3 }
