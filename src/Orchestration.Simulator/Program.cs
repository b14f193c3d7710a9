using Orchestration.Simulator;
using Orchestration.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSimulator();

return await builder.Build().RunServiceAsync(args, app => app.MapDefaultEndpoints().MapSimulator());
