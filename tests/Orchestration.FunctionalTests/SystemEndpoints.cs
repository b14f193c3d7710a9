using System.Text.Json;

namespace Orchestration.FunctionalTests;

/// <summary>What <c>.data/endpoints.json</c> says.</summary>
public sealed record SystemEndpoints(
    string GatewayHttp, string GatewayGrpc, string GatewayAdmin, string SimulatorHttp, string ConsoleHttp, string Messaging, string DevelopmentKey, string AdminKey)
{
    public static SystemEndpoints Read(JsonDocument document)
    {
        var root = document.RootElement;
        return new SystemEndpoints(
            Text(root, "gateway", "http"),
            Text(root, "gateway", "grpc"),
            Text(root, "gateway", "admin"),
            Text(root, "simulator", "http"),
            Text(root, "console", "http"),
            Text(root, "messaging", "amqp"),
            Text(root, "keys", "development"),
            Text(root, "keys", "admin"));
    }

    private static string Text(JsonElement root, string section, string name) => root.GetProperty(section).GetProperty(name).GetString()!;
}
