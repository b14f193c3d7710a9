namespace Orchestration.Gateway.Data;

/// <summary>States of a key.</summary>
internal static class KeyStatus
{
    public const string Active = "active";
    public const string Revoked = "revoked";
}
