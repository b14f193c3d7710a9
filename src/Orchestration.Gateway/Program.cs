using Orchestration.Gateway;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddGateway();

return await builder.Build().RunServiceAsync(args, app => app.MapDefaultEndpoints().MapGateway());
