import { defineConfig } from '@hey-api/openapi-ts';

/** `make clients` writes the merged document; errors are thrown, so `data` is always there. */
export default defineConfig({
  input: '../../build/openapi.json',
  output: { path: 'src/generated', module: { extension: '.js' } },
  plugins: [
    '@hey-api/typescript',
    '@hey-api/sdk',
    { name: '@hey-api/client-fetch', throwOnError: true },
  ],
});
