using Microsoft.Extensions.Configuration;
using Orchestration.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
GeneratedSecrets.AddTo(builder.Configuration);
var folder = builder.Configuration["Probe:Folder"];

var dependency = builder.AddProject<Projects.Orchestration_AppHost_Probe>("dependency")
    .WithEnvironment("Probe__Folder", folder)
    .WithEnvironment("Probe__HasChild", "true")
    .WithEnvironment("Probe__IgnoresTermination", builder.Configuration["Probe:IgnoresTermination"])
    .WithHttpHealthCheck("/health", endpointName: "http");
var service = builder.AddProject<Projects.Orchestration_AppHost_Probe>("service")
    .WithEnvironment("Probe__Folder", folder)
    .WithHttpHealthCheck("/health", endpointName: "http")
    .WaitFor(dependency);

if (builder.Configuration.GetValue("Probe:Stores", false))
{
    var postgres = builder.AddPostgres("postgres", password: builder.AddParameter(ParameterNames.PostgresPassword, secret: true));
    var redis = builder.AddRedis("redis", password: builder.AddParameter(ParameterNames.RedisPassword, secret: true));
    var messaging = builder.AddRabbitMQ(
        "messaging", builder.AddParameter(ParameterNames.MessagingUser), builder.AddParameter(ParameterNames.MessagingPassword, secret: true));
    service.WithReference(postgres.AddDatabase("orders")).WaitFor(postgres).WaitFor(redis).WaitFor(messaging);
}

builder.Build().Run();
