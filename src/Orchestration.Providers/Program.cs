using Orchestration.Providers;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddProviders();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapProviders();
return await app.RunServiceAsync(args);
