# A directory is deleted and made again in one RUN: overlay2 marks the new one opaque.
FROM shell:1
COPY ./keys/ /app/keys/
RUN rm -rf /app/keys && mkdir /app/keys && echo "none" > /app/keys/README
