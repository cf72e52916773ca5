/* global SwaggerUIBundle */
// Keys stay in the page: they are gone when it is closed or loaded again.
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  // No badge of somebody else's validator: it would send the document away.
  validatorUrl: null,
});
