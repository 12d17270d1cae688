{
  n++ }
END { print n

 print n / 0 }
