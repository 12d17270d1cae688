BEGIN {
 x = 
 print 2 2) }
