using Orchestration.Providers;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddProviders();

return await builder.Build().RunServiceAsync(args, app => app.MapDefaultEndpoints().MapProviders());
