# Experiment 3: the secrets stay in the stage that needs them; only the product is copied.
FROM shell:1 AS build
ARG SECRET
COPY ./secret.txt /app/secret.txt
RUN echo "${SECRET}" > /dev/null && cat /app/secret.txt > /dev/null && echo "the product" > /app/product

FROM shell:1
COPY --from=build /app/product /app/product
CMD ["/bin/sh", "-c", "cat /app/product"]
