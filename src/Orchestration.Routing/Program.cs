using Orchestration.Routing;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRouting();

return await builder.Build().RunServiceAsync(args, app => app.MapDefaultEndpoints().MapRouting());
