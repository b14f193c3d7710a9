using Orchestration.Routing;
using Orchestration.Routing.Policy;
using Orchestration.ServiceDefaults;

if (args is [ValidateVerb.Name, .. var files]) return ValidateVerb.Run(files, Console.Out, Console.Error);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRouting();

return await builder.Build().RunServiceAsync(args, app => app.MapDefaultEndpoints().MapRouting());
