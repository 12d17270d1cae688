# Experiment 1 done right: the file is there while RUN runs, and in no layer.
FROM shell:1
RUN --mount=type=secret,id=token,target=/run/secrets/token \
    mkdir /app && cat /run/secrets/token > /dev/null && echo "the product" > /app/product
