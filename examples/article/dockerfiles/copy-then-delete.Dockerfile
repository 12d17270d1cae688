# Experiment 1: the file is deleted, but not from the layer that COPY made.
FROM shell:1
COPY ./secret.txt /app/secret.txt
RUN rm -rf /app/secret.txt
