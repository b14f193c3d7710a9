namespace Orchestration.Gateway.Planning;

/// <summary>What a route does.</summary>
internal static class RouteModes
{
    public const string Chat = "chat";
    public const string Embedding = "embedding";
}
