using Orchestration.Metrics;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddMetrics();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapMetrics();
return await app.RunServiceAsync(args);
