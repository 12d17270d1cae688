FROM scratch
COPY sh /bin/sh
