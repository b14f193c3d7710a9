using Orchestration.Metrics;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddMetrics();

return await builder.Build().RunServiceAsync(args, app => app.MapDefaultEndpoints().MapMetrics());
