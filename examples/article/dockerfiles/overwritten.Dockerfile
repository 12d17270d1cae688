# A later layer stores another file of the same name; the first one stays below it.
FROM shell:1
COPY ./secret.txt /app/secret.txt
RUN echo "removed" > /app/secret.txt
