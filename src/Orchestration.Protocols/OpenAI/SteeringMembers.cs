using System.Collections.Frozen;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Members by which a client could choose a destination, a credential or somebody else's behaviour. They go nowhere.</summary>
internal static class SteeringMembers
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "api_base", "base_url", "baseurl", "base_uri", "api_key", "apikey", "api_type", "api_version", "authorization", "azure_ad_token",
        "azure_endpoint", "callbacks", "custom_llm_provider", "default_headers", "default_query", "deployment", "deployment_id", "endpoint",
        "extra_body", "extra_headers", "extra_query", "fallbacks", "headers", "host", "http_client", "litellm_params", "mock_response",
        "model_info", "model_list", "organization", "project", "provider", "proxies", "proxy", "region_name", "aws_access_key_id",
        "aws_secret_access_key", "vertex_credentials", "webhook", "webhook_url", "callback_url", "url", "__proto__", "constructor", "prototype",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Names.Contains(name);
}
