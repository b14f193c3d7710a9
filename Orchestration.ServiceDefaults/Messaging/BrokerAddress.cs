namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>A connection string of the form <c>amqp://user:password@host:port/vhost</c>, taken apart.</summary>
internal sealed record BrokerAddress(Uri Address, string Username, string Password)
{
    public static BrokerAddress Parse(string connectionString)
    {
        if (!Uri.TryCreate(connectionString, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            // Without the text itself, which holds a password.
            throw new FormatException("ConnectionStrings:messaging must look like amqp://user:password@host:port.");
        }

        var credentials = uri.UserInfo.Split(':', 2);
        var address = new UriBuilder(uri) { UserName = "", Password = "" }.Uri;
        return credentials is [var user, var password]
            ? new BrokerAddress(address, Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
            : new BrokerAddress(address, "guest", "guest");
    }
}
