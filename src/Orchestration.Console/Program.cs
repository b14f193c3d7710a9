using Orchestration.Console;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddConsole();

return await builder.Build().RunServiceAsync(args, app => app.MapDefaultEndpoints().MapConsole());
