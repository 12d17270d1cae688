# Experiment 1 done right: what one RUN makes and deletes again is in no layer.
FROM shell:1
RUN --mount=type=bind,source=secret.txt,target=/mnt/secret.txt \
    mkdir /app && cp /mnt/secret.txt /app/secret.txt && \
    echo "the product" > /app/product && rm -rf /app/secret.txt
